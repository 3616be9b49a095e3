// Every id of a message, so that a wrong one does not compile. A new feature adds a line here.
type En<T> = keyof T & string;

type Ids =
  | En<typeof import("./messages/en.json")>
  | En<typeof import("../components/messages/en.json")>
  | En<typeof import("../components/work/messages/en.json")>
  | En<typeof import("../features/auth/messages/en.json")>
  | En<typeof import("../features/batch/messages/en.json")>
  | En<typeof import("../features/batches/messages/en.json")>
  | En<typeof import("../features/essay/messages/en.json")>
  | En<typeof import("../features/hand-in/messages/en.json")>
  | En<typeof import("../features/judging/messages/en.json")>
  | En<typeof import("../features/notifications/messages/en.json")>
  | En<typeof import("../features/ranking/messages/en.json")>
  | En<typeof import("../features/results/messages/en.json")>
  | En<typeof import("../features/settings/messages/en.json")>
  | En<typeof import("../lib/measures/messages/en.json")>;

declare namespace FormatjsIntl {
  interface Message {
    ids: Ids;
  }
}
