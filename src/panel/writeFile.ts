import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";

/**
 * Writes a file that the user named, piece by piece where it is one of this machine. Until all of it is written, a file that
 * was there before stays as it was.
 *
 * @throws Error it cannot be written; what `pieces` throws comes through as it is
 */
export async function writeFile(
  uri: vscode.Uri,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  if (uri.scheme !== "file") return writeWhole(uri, pieces);
  const unfinished = `${uri.fsPath}.part`;
  try {
    await pipeline(Readable.from(pieces), createWriteStream(unfinished));
    await rename(unfinished, uri.fsPath);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined); // It never came to be.
    throw isSystemError(error) ? notWritten(uri, error) : error;
  }
}

/** VS Code's other file systems take whole files only. */
async function writeWhole(
  uri: vscode.Uri,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
  try {
    await vscode.workspace.fs.writeFile(uri, Buffer.concat(parts));
  } catch (error) {
    throw notWritten(uri, error);
  }
}

/** Of the operating system, such as `EACCES: permission denied, open '/x'`. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function notWritten(uri: vscode.Uri, cause: unknown): Error {
  const reason = (cause instanceof Error ? cause.message : String(cause)).split(",")[0] ?? "";
  const path = uri.scheme === "file" ? uri.fsPath : uri.toString(true);
  return new Error(l10n.t`The file ${path} cannot be written (${reason}); choose another folder.`, { cause });
}
