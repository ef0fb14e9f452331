import type { CallHistory } from "../calls/callHistory.ts";
import type { CallKind } from "../calls/model.ts";
import { InputError } from "../inputs/inputError.ts";
import type { TargetList, TargetPlace } from "../targets/targetList.ts";
import { checkedInput, type InputOf, type InputSchema } from "./inputSchema.ts";

/** A call that a model made. */
export interface AgentCall extends TargetPlace {
  readonly appName: string;
  readonly functionName: string;
  readonly functionCallId: string;
  readonly kind: CallKind;
  /** Unix milliseconds, before the first request. */
  readonly createdAt: number;
}

/** What tools work with. */
export interface AgentServices {
  readonly targets: Pick<TargetList, "all" | "current" | "find" | "modal" | "refresh">;
  readonly history: Pick<CallHistory, "find">;
  /** Whether the user trusts the workspace. Without that, tools only read. */
  readonly isTrusted: boolean;
  /** Keeps a call where the user sees it. */
  readonly remember: (call: AgentCall) => Promise<unknown>;
}

/** What the user is asked before a tool costs or changes something. */
export interface Confirmation {
  readonly title: string;
  /** One sentence or two, as plain text. */
  readonly message: string;
  /** What is sent, shown as JSON below the message. */
  readonly payload?: unknown;
}

/** A tool of a language model, as `package.json` tells of it and as it is run. */
export interface AgentTool {
  /** As the user sees it. */
  readonly displayName: string;
  /** What the user types after `#` to name it. */
  readonly referenceName: string;
  /** A codicon, e.g. `$(play)`. */
  readonly icon: string;
  readonly userDescription: string;
  readonly modelDescription: string;
  readonly inputSchema: InputSchema;
  /** What VS Code shows while the tool runs. */
  readonly progress: () => string;
  /** Of a tool that costs or changes something: what to ask the user first. Has no effects. */
  readonly confirm?: ((services: AgentServices, input: unknown) => Promise<Confirmation>) | undefined;
  /**
   * @returns text for the model
   * @throws Error one sentence with which a model can go on: what is wrong, and what is allowed
   */
  readonly run: (services: AgentServices, input: unknown, signal: AbortSignal) => Promise<string>;
}

/** A tool, by functions that are given an input that fits its schema. */
type TypedTool<Schema extends InputSchema> = Omit<AgentTool, "inputSchema" | "confirm" | "run"> & {
  readonly inputSchema: Schema;
  readonly confirm?: (services: AgentServices, input: InputOf<Schema>) => Promise<Confirmation>;
  readonly run: (services: AgentServices, input: InputOf<Schema>, signal: AbortSignal) => Promise<string>;
};

/** A tool that checks its input before it does anything, and the trust of the workspace where it is one that asks first. */
export function agentTool<const Schema extends InputSchema>(tool: TypedTool<Schema>): AgentTool {
  const { confirm, run, inputSchema } = tool;
  return {
    ...tool,
    confirm: confirm && (async (services, input) => confirm(services, checkedInput(inputSchema, input))),
    run: async (services, input, signal) => {
      if (confirm && !services.isTrusted) {
        throw new InputError(
          "The workspace is not trusted, so functions can only be looked at; ask the user to trust the workspace.",
        );
      }
      return run(services, checkedInput(inputSchema, input), signal);
    },
  };
}
