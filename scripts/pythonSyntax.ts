import { type CommandResult, tryCommand } from "./childProcess.ts";
import { rootFolder } from "./project.ts";

/** Parses each file as the oldest Python that we support would, whichever Python runs this. */
const program = `
import ast, pathlib, sys
failed = False
for folder in sys.argv[1:]:
    for path in sorted(pathlib.Path(folder).rglob("*.py")):
        try:
            ast.parse(path.read_text("utf-8"), str(path), feature_version=(3, 9))
        except SyntaxError as error:
            failed = True
            print(f"{path}:{error.lineno}: {error.msg}")
sys.exit(failed)
`;

export function checkPythonSyntax(): Promise<CommandResult> {
  return tryCommand("python3", ["-c", program, "src/python", "media/samples"], { cwd: rootFolder });
}
