import type { Image } from "../../proto/gen/modal_pb.js";

/** What any environment of Python has, or its containers do not need. */
const TOOLS = new Set(["pip", "setuptools", "uv", "wheel"]);
/** What Modal's own builder puts into every image. */
const BUILDERS_OWN = /modal_requirements/;
/** Options of pip and uv that are followed by a value of their own. */
const WITH_VALUE = new Set(
  "-c -e -f -i -t --constraint --extra-index-url --find-links --index-strategy --index-url --prefix --python --target --trusted-host".split(
    " ",
  ),
);
const REQUIREMENT = /^[A-Za-z0-9][\w.-]*(\[[^\]]*\])?([<>=!~;@ ].*)?$/;

/**
 * The Python packages that one layer of an image would have installed by pip or uv, as requirements.
 *
 * @see https://pip.pypa.io/en/stable/cli/pip_install/
 */
export function imagePackages({ dockerfileCommands, contextFiles }: Image): string[] {
  const fileNamed = (path: string) => {
    const file = contextFiles.find(({ filename }) => filename === path);
    return file ? Buffer.from(file.data).toString("utf8") : "";
  };
  const requirements = installs(dockerfileCommands).flatMap((install) => requirementsOf(words(install), fileNamed));
  return [...new Set(requirements)].filter((requirement) => !TOOLS.has(packageName(requirement)));
}

/** The name of a requirement's package, as packages are compared (https://peps.python.org/pep-0503/). */
export function packageName(requirement: string): string {
  const [name = ""] = /^[\w.-]+/.exec(requirement) ?? [];
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** What follows `pip install` in each command. */
function installs(commands: readonly string[]): string[] {
  return commands
    .filter((command) => /^RUN\s/i.test(command) && !BUILDERS_OWN.test(command))
    .flatMap((command) => command.split(/&&|;(?=\s)|\|\|/))
    .flatMap((command) => /\bpip3?\s+install\s+(.*)$/s.exec(command)?.[1] ?? []);
}

/** As a shell would split them, with quotes gone. */
function words(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? "",
  );
}

function requirementsOf(given: readonly string[], fileNamed: (path: string) => string): string[] {
  const found: string[] = [];
  for (let index = 0; index < given.length; index++) {
    const word = given[index] ?? "";
    if (word === "-r" || word === "--requirement") found.push(...linesOf(fileNamed(given[++index] ?? "")));
    else if (WITH_VALUE.has(word)) index++;
    else if (REQUIREMENT.test(word)) found.push(word);
  }
  return found;
}

function linesOf(requirementsFile: string): string[] {
  const lines = requirementsFile.split("\n").map((line) => line.replace(/(^|\s)#.*$/, "").trim());
  return lines.filter((line) => REQUIREMENT.test(line));
}
