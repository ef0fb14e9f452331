import { CommanderError } from "commander";
import { ExitCode } from "./exitCode.ts";
import { exitCodeOf, failureText } from "./failure.ts";
import { interruptionSignal } from "./interruption.ts";
import { createProgram } from "./program.ts";
import { type CommonOptions, Session } from "./session.ts";

const signal = interruptionSignal();

async function withSession(options: CommonOptions, work: (session: Session) => Promise<void>): Promise<void> {
  const session = new Session(signal, options);
  try {
    await work(session);
    process.exitCode = session.exitCode;
  } finally {
    session.close();
  }
}

async function main(): Promise<void> {
  const program = createProgram(withSession);
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? ExitCode.ok : ExitCode.usage; // It has told the user already.
      return;
    }
    process.exitCode = exitCodeOf(error);
    const text = failureText(error, program.opts<CommonOptions>().verbose === true);
    if (text) process.stderr.write(`${text}\n`);
  }
}

void main();
