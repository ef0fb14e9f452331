/** How a command ends, for scripts. */
export const ExitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  noServer: 3,
  deployFailed: 4,
  interrupted: 130,
} as const;

/** The same for people, at the end of `--help`. */
export const EXIT_CODES_HELP = `
Exit codes:
  0    done
  1    the function, or at least one input, failed
  2    wrong usage or bad input
  3    no engine runs or could be started, or the server cannot be reached or refuses the tokens
  4    the deployment failed; what was live stays
  130  interrupted; the call was cancelled`;
