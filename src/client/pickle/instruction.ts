import type { PickleMachine } from "./pickleMachine.ts";

/** What one opcode does. */
export type Instruction = (machine: PickleMachine) => void;

/** Instructions by opcode. */
export type Instructions = Readonly<Record<number, Instruction>>;
