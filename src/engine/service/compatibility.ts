/** Some of the methods of Modal's service, by their names there. docs/compatibility.md is made of these, and of the handlers that exist. */
export interface CompatibilityArea {
  readonly title: string;
  /** What has a handler here, in the order of the page. */
  readonly served?: Readonly<Record<string, Remark>>;
  /** What has none, and why. A name that ends in `*` stands for every name with that beginning. */
  readonly absent?: Readonly<Record<string, string>>;
}

/** How a handler differs from Modal's own. */
interface Remark {
  /** It does not do everything that callers may ask for. */
  readonly isPartial: boolean;
  /** Empty when there is nothing to say. */
  readonly text: string;
}

const asModal: Remark = { isPartial: false, text: "" };
const done = (text: string): Remark => ({ isPartial: false, text });
const partly = (text: string): Remark => ({ isPartial: true, text });

const NO_TAGS = "Apps have no tags.";
const NOT_ASKED_FOR =
  "Modal's container runtime does not ask for it, and containers of the engine's own talk to it through a pipe.";
const NO_CLUSTERS = "Containers do not form clusters.";
const NO_EXEC = "Nothing but functions runs in a container.";
const NO_WEB =
  "Web endpoints are served on this machine's loopback, without domains, tokens and servers of Modal's own.";
const NO_USERS = "The engine belongs to one user of this machine, and knows no others.";
const THIS_MACHINE = "Functions see this machine's files, packages, variables and network as they are.";

/**
 * What callers of the engine can rely on, method by method. An entry without a handler, a handler without an entry, and a method of Modal's
 * that is not mentioned at all fail the check that makes the page.
 */
export const compatibility: readonly CompatibilityArea[] = [
  {
    title: "Connection and workspace",
    served: {
      ClientHello: done("Every version is welcome; there are no warnings."),
      AuthTokenGet: done(
        "The token is not asked for again: what counts is the token id and secret, which every request carries.",
      ),
      TokenInfoGet: done("Names the user of this machine, in the workspace `local`."),
      WorkspaceNameLookup: done("Always `local`."),
      EnvironmentList: done("One named `main` is there from the start; environments have no further settings."),
      EnvironmentGetOrCreate: done("The answer has id and name; there are no image builder versions."),
      EnvironmentCreate: done("None is restricted, for there is one user."),
      EnvironmentUpdate: done("A new name; web endpoints have no suffix."),
      EnvironmentDelete: done("Its apps are stopped; what they did stays until it is cleaned."),
    },
    absent: {
      "TokenFlow*":
        "The engine makes its token itself and tells it when it starts; set `MODAL_TOKEN_ID` and `MODAL_TOKEN_SECRET` to it.",
      "Environment*": "There is one user, and nothing is paid for: environments have no roles and no budgets.",
      "Workspace*": NO_USERS,
      "WorkspaceBilling*": "Nothing that runs on this machine is billed.",
      WorkspaceDashboardUrlGet: "The engine has no dashboard; look into the view Spawnpoint in VS Code.",
      "ServiceUser*": NO_USERS,
      "UserGroup*": NO_USERS,
      "WebhookToken*": NO_WEB,
      TemplateList: "The samples come with the extension; open them by *Spawnpoint: Open Samples*.",
    },
  },
  {
    title: "Apps",
    served: {
      AppList: asModal,
      AppGetByDeploymentName: asModal,
      AppGetLayout: done("Functions and classes; there are no other objects."),
      AppGetLifecycle: asModal,
      AppGetInfo: done(NO_TAGS),
      AppDeploymentHistory: done(
        "Without client version, commit and tag; everything was deployed by the user of this machine.",
      ),
      AppRollback: done(
        "Only to versions whose sources and interpreter are still there; the answer says so for each in the history.",
      ),
      AppStop: done("The source of the request is not recorded."),
    },
    absent: {
      AppGetTags: NO_TAGS,
      AppSetTags: NO_TAGS,
      AppPromote: "A deployment takes over at once.",
      AppRollover: "A deployment takes over at once; deploy again for new containers.",
      AppLookup: "Older than `AppGetByDeploymentName`.",
      AppGetObjects: "Older than `AppGetLayout`.",
      "App*": "No client of Modal's needs it to deploy, run or stop an app.",
    },
  },
  {
    title: "Deployment by Modal's clients",
    served: {
      AppCreate: done("Tags are not kept."),
      AppGetOrCreate: asModal,
      AppHeartbeat: done(
        "An app that runs is stopped when none came for 50 s, a detached one when its calls are finished.",
      ),
      AppClientDisconnect: done("Reason and exception are not recorded."),
      FunctionPrecreate: done("The address of a web endpoint is known when the app is published."),
      FunctionCreate: partly(
        "The message is kept whole. Containers of the engine's own run functions that stand in a file of their mounts, those of Modal's runtime all; what describes machines has no effect.",
      ),
      ClassCreate: done("A class is its one function: the ids differ in their prefix only."),
      AppPublish: done(
        "The app's modules are imported once, as containers do, by the interpreter of its last version, or `python3`. What its images ask for and that lacks is named in a warning. Tags, commit and the client's version are not kept.",
      ),
      MountGetOrCreate: done(
        "Files stand in a folder of the engine's that takes the place of `/root`; Modal's own mounts are empty.",
      ),
      MountBatchedCheckExistence: asModal,
      MountPutFile: done("Files that no version needs any more are removed."),
      ImageGetOrCreate: done("Nothing is built: containers have this machine's interpreter and its packages."),
      ImageJoinStreaming: done("Every image is there at once, without a log."),
    },
  },
  {
    title: "Secrets",
    served: {
      SecretGetOrCreate: done("Values are files of the user alone, and no archive has them."),
      SecretList: done("Names only. When one was last used is not known."),
      SecretUpdate: done("What is deployed keeps the values that it was deployed with."),
      SecretDelete: done("What is deployed keeps the values that it was deployed with."),
    },
    absent: { SecretGetInfo: "No client of Modal's asks for it; values are told to nobody but containers." },
  },
  {
    title: "Volumes",
    served: {
      VolumeGetOrCreate: done(
        "A folder in the data folder, whichever version is asked for. Where containers find it is said below.",
      ),
      VolumeGetById: asModal,
      VolumeList: asModal,
      VolumeRename: asModal,
      VolumeDelete: asModal,
      VolumeHeartbeat: done("A volume without a name stays for a day after the last one."),
      VolumeReload: done("Nothing is to be done: everybody sees the same folder."),
      VolumeCommit: done("Nothing is to be done: what is written is there."),
      VolumeListFiles: done("Links are listed, and not followed."),
      VolumeListFiles2: done("Links are listed, and not followed."),
      VolumeGetFile2: asModal,
      VolumePutFiles: asModal,
      VolumePutFiles2: done("Blocks are not kept apart: a file that comes again is uploaded again."),
      VolumeRemoveFile: asModal,
      VolumeRemoveFile2: asModal,
      VolumeCopyFiles: asModal,
      VolumeCopyFiles2: asModal,
    },
    absent: {
      VolumeGetFile: "Older than `VolumeGetFile2`, by which Modal's clients read both versions.",
      "Volume*": "Volumes have no further settings.",
      "SharedVolume*": THIS_MACHINE,
    },
  },
  {
    title: "Logs",
    served: {
      AppGetLogs: done("Lines, and the end of the app; no states of tasks, and no progress of builds."),
      AppFetchLogs: done("Logs are kept until the calls that printed them are cleaned."),
      AppCountLogs: asModal,
    },
  },
  {
    title: "Functions and classes",
    served: {
      FunctionGet: done("With `app_version` it is a function of its own that stays at that version."),
      FunctionGetById: asModal,
      ClassGet: done("A class is its one function: the ids differ in their prefix only."),
      FunctionBindParams: partly(
        "Options for timeout, retries, containers, concurrency and batches apply; those for machines do not.",
      ),
      FunctionGetCurrentStats: asModal,
      FunctionGetMetrics: partly(
        "Counts of inputs and their run times, under the engine's own names but for `successful_calls_count`.",
      ),
      FunctionGetSchedulingParams: done(
        "Without a maximum of its own, a function has as many containers as there are processors.",
      ),
      FunctionUpdateSchedulingParams: partly(
        "Minimum, maximum, buffer and scale-down window; settings that only Modal's servers have are refused.",
      ),
    },
    absent: {
      FunctionGetTimeRangeStats: "`FunctionGetMetrics` tells the same.",
      FunctionListVariants: "The instances of a class are not listed.",
      FunctionGetFlashAuthToken: NO_WEB,
      MetricsGetInfo: "`FunctionGetMetrics` answers with all it has when no group is named.",
      "Server*": NO_WEB,
      "Endpoint*": NO_WEB,
      "Flash*": NO_WEB,
    },
  },
  {
    title: "Function calls",
    served: {
      FunctionMap: done(
        "The engine retries by the function's policy itself, and says so (`sync_client_retries_enabled` is false). Two fields are its own, which Modal's servers and clients pass over: a client may say how long the answer to a single call may be held (`output_wait_ms`), and finds the output there when it came in time (`awaited_output`).",
      ),
      FunctionPutInputs: asModal,
      FunctionFinishInputs: done("The number of inputs is not compared."),
      FunctionGetOutputs: done(
        "Outputs are kept until they are cleaned, also after `clear_on_success`, which ends a map.",
      ),
      FunctionRetryInputs: done("The input runs again with the arguments that the engine has; its token is unsigned."),
      FunctionCallCancel: done("Reaches the calls that the unfinished inputs made."),
      FunctionCallFromId: asModal,
      FunctionCallGetInfo: done(
        "Names the newest ten inputs of each status; of the pending ones those that run, where any do, up to a thousand.",
      ),
      FunctionCallList: done("The newest hundred calls, with counts and without inputs."),
      FunctionCallFetch: asModal,
      FunctionCallGetDataOut: done(
        "Ends after the last item of a generator that failed. A generator that somebody has read does not run again.",
      ),
      FunctionGetCallGraph: done("The call and what it called, not what called it."),
    },
    absent: {
      FunctionAsyncInvoke: "Older than `FunctionMap` with ASYNC; no client sends it.",
      FunctionCallCount: "`FunctionCallFetch` and `FunctionGetMetrics` tell what it counts.",
    },
  },
  {
    title: "Input plane",
    served: {
      AttemptStart: done(
        "The answer has the function's retry policy, for the client; generators have none, since the engine retries them. As for `FunctionMap`, the output may come with it.",
      ),
      AttemptAwait: done(
        "Never INTERNAL_FAILURE: the engine has tried such an input three times itself, and answers FAILURE.",
      ),
      AttemptRetry: done(
        "The input runs again with the arguments that the engine has. The same request again is the same attempt.",
      ),
      MapStartOrContinue: done(
        "The map's token is the id of its function call. No request ends a map: it is finished while nothing is left to do.",
      ),
      MapAwait: asModal,
      MapCheckInputs: done("No input is ever lost: what was accepted is stored, and taken up again whatever dies."),
    },
  },
  {
    title: "Blobs",
    served: {
      BlobCreate: done("The address is on this machine's loopback; above 10 MB there is one for each part too."),
      BlobGet: done("Results above 2 MiB are blobs; they go with their call."),
    },
  },
  {
    title: "Containers",
    served: {
      TaskList: done("Those that run."),
      TaskGetInfo: done("Also of the last thousand that have ended, as long as the engine runs."),
      ContainerStop: asModal,
      ContainerHello: done(
        "This method and the next ones are for containers of Modal's own runtime, at a socket of each.",
      ),
      ContainerHeartbeat: done("Its answer cancels inputs, and names them again until they have ended."),
      FunctionGetInputs: done("Held until there is an input; a container that is to end is told so."),
      FunctionPutOutputs: partly("The text of a traceback is kept, its pickled form is not."),
      FunctionCallGetDataIn: done("A request's body, or the messages of a websocket, as ASGI."),
      FunctionCallPutDataOut: asModal,
      FunctionGetDynamicConcurrency: done(
        "Always the maximum: how many inputs a container has, the scheduler decides.",
      ),
      TaskResult: done("Code that could not be imported; the exception is kept as its text."),
    },
    absent: {
      ContainerExec: NO_EXEC,
      "ContainerExec*": NO_EXEC,
      ContainerFilesystemExec: NO_EXEC,
      FunctionStartPtyShell: NO_EXEC,
      TaskGetCommandRouterAccess: NO_EXEC,
      TaskClusterHello: NO_CLUSTERS,
      ContainerCheckpoint: "Snapshots of memory are off, and the runtime is told so.",
      "Container*": NOT_ASKED_FOR,
      "Task*": NOT_ASKED_FOR,
      FunctionGetSerialized: NOT_ASKED_FOR,
      "Cluster*": NO_CLUSTERS,
      NotebookKernelPublishResults: "There are no notebooks.",
    },
  },
  {
    title: "Dicts and queues",
    served: {
      DictGetOrCreate: asModal,
      DictGetById: asModal,
      DictList: done("Everything was made by the user of this machine."),
      DictDelete: asModal,
      DictHeartbeat: done("Without one for 15 minutes a dict without a name is deleted."),
      DictClear: asModal,
      DictLen: asModal,
      DictGet: asModal,
      DictContains: asModal,
      DictUpdate: done("A request has 100 MiB at most; the size of a dict has no limit but the disk."),
      DictPop: asModal,
      DictContents: done("In the order of the serialized keys."),
      QueueGetOrCreate: asModal,
      QueueGetById: asModal,
      QueueList: done("Everything was made by the user of this machine."),
      QueueDelete: done("A get that waits then ends with its time."),
      QueueHeartbeat: done("Without one for 15 minutes a queue without a name is deleted."),
      QueueClear: asModal,
      QueueLen: asModal,
      QueuePut: done(
        "What would never fit (an item above 1 MiB, more than 5,000 items) is INVALID_ARGUMENT, a partition that is full RESOURCE_EXHAUSTED.",
      ),
      QueueGet: done("Who waited first is served first. An answer has 32 MiB at most, or one item."),
      QueueNextItems: asModal,
    },
  },
  {
    title: "What else Modal has",
    absent: {
      "Sandbox*": "The engine runs functions, and no sandboxes.",
      "PersistentSandbox*": "The engine runs functions, and no sandboxes.",
      "Image*": THIS_MACHINE,
      "Proxy*": THIS_MACHINE,
      "Tunnel*": "What listens on this machine can be reached on it already, at its port of 127.0.0.1.",
      "Domain*": NO_WEB,
      CurlGetAuthToken: NO_WEB,
    },
  },
];

/** What differs from Modal whatever the method. */
export const behaviour: readonly string[] = [
  "Web endpoints listen on 127.0.0.1, each on a port of its own, which follows from its label, or its app and name: the same after a restart or a new version, unless another program has it. So every program reaches them, and apps sit at the root of their address. A request is a function call with one input; its response is kept with the call. A websocket is one input for as long as it is open, and its function's timeout counts for it; a server of the user's own may upgrade connections to whatever it likes. There are no redirects for long requests.",
  "Web endpoints need no token, since programs of this machine can run code anyway. Pages that a browser loaded from elsewhere cannot use them: requests with another `Host` than loopback, another `Origin` than this machine's, or from another site are refused, except that links may be followed. Pages of this machine are let through, and CORS is for the app to decide.",
  "A `web_server` has one container at most, since containers share this machine's ports. A `fastapi_endpoint` without FastAPI in the interpreter is a plain function.",
  "Containers are Python processes on this machine. Without a maximum of its own, a function has as many as there are processors.",
  "Input concurrency: cancelling an input that runs in a thread does not end its container at once. It has five seconds to come to an end by itself, or at its next item; only then the container ends, and the inputs beside it start again elsewhere.",
  "Batches: the wait counts from the moment when the first input is queued, and one input of a batch can be cancelled alone: it ends at once, and the others are still answered.",
  "An input whose container dies is tried three times in all, then it ends as INTERNAL_FAILURE.",
  "The engine retries by a function's policy, also when the client is gone. On the input plane, which it names to clients when it was started with `--input-plane`, the client does.",
  "A generator of which somebody has read an item does not run again: neither after a failure, nor when its container or the engine died.",
  "Finished calls with their inputs, outputs, items and logs are kept for 30 days and up to 10 GiB, unless the user says otherwise. Of what an input prints, the first 16 MiB are kept.",
  "On Linux the next containers of a version are forked from a process that has imported its code. What module-level code computes (a process id, a random generator of its own) is then the same in all of them, and what it prints is logged once. One is forked ahead, and waits to become a container. `--no-fork` turns this off.",
  "Where the interpreter has Modal's package (1.5 or newer), that deploys files, and its container runtime runs what it, or another client of Modal's, has deployed; elsewhere the engine's own worker does. `--runtime builtIn` turns the former off. Mounted files stand in a folder of their own, in which `/root` is the current folder: under their absolute paths code does not find them. Of such containers, only one that runs a single input knows which input prints, and none is forked.",
  "A volume stands at its path as a link, which the engine makes where there is nothing else and its user may write, while containers of the function run. Elsewhere a warning at the deploy says where its files are, and functions find them in a variable: for `/data` that is `SPAWNPOINT_VOLUME_DATA`. What one function writes others see at once, without commit and reload; a read-only mount can be written to.",
  "A map that its client left open is closed when nothing has happened to it for an hour.",
  "Deploying the same source for the same interpreter again is the same version, and changes nothing.",
  "A new version takes over at once: containers of the old one finish what they run and take nothing more, and what waits runs on the new version. On Modal they take inputs until containers of the new one are ready.",
  "There is one token, for one user, and the engine answers on 127.0.0.1 only.",
];
