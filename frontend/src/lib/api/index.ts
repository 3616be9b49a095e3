export { api, body } from "./client";
export { keys } from "./keys";
export { type Fault, Problem } from "./problem";
export { type SessionState, session } from "./session";
export type * from "./types";
