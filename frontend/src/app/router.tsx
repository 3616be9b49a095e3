import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { readBatchesSearch } from "@/features/batches/search";
import { readEssaySearch } from "@/features/essay/search";
import { readResultsSearch } from "@/features/results/search";
import { session } from "@/lib/api";
import { Failure } from "./Failure";
import { NotFound, NothingHere } from "./NotFound";
import { Pending } from "./Pending";
import { Shell } from "./Shell";

const root = createRootRouteWithContext()({ component: Outlet, notFoundComponent: NothingHere });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (raw: Record<string, unknown>): { from?: string; over?: boolean } => ({
    // Only a path of ours: an address given from outside must not lead elsewhere.
    ...(typeof raw.from === "string" && /^\/(?![/\\])/.test(raw.from) ? { from: raw.from } : {}),
    ...(raw.over === true ? { over: true } : {}),
  }),
  component: lazyRouteComponent(() => import("@/features/auth/SignInPage"), "SignInPage"),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ location }) => {
    if ((await session.restore()) === "in") return;
    throw redirect({ to: "/sign-in", search: { from: location.href } });
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/batches", replace: true });
  },
});

const batches = createRoute({
  getParentRoute: () => signedIn,
  path: "/batches",
  validateSearch: readBatchesSearch,
  component: lazyRouteComponent(() => import("@/features/batches/BatchesPage"), "BatchesPage"),
});

const newBatch = createRoute({
  getParentRoute: () => signedIn,
  path: "/batches/new",
  component: lazyRouteComponent(() => import("@/features/hand-in/NewBatchPage"), "NewBatchPage"),
});

const LazyFiles = lazyRouteComponent(() => import("@/features/hand-in/FilesPage"), "FilesPage");
const files = createRoute({
  getParentRoute: () => signedIn,
  path: "/batches/$batchId/files",
  validateSearch: (raw: Record<string, unknown>): { isNew?: boolean } =>
    raw.isNew === true ? { isNew: true } : {},
  component: function Files() {
    const { batchId } = files.useParams();
    return <LazyFiles key={batchId} batchId={batchId} />;
  },
});

const LazyBatch = lazyRouteComponent(() => import("@/features/batch/BatchPage"), "BatchPage");
const batch = createRoute({
  getParentRoute: () => signedIn,
  path: "/batches/$batchId",
  component: function Batch() {
    const { batchId } = batch.useParams();
    return <LazyBatch key={batchId} batchId={batchId} />;
  },
});

const LazyResults = lazyRouteComponent(
  () => import("@/features/results/ResultsPage"),
  "ResultsPage",
);
const results = createRoute({
  getParentRoute: () => signedIn,
  path: "/batches/$batchId/results",
  validateSearch: readResultsSearch,
  component: function Results() {
    const { batchId } = results.useParams();
    return <LazyResults key={batchId} batchId={batchId} />;
  },
});

const LazyRanking = lazyRouteComponent(
  () => import("@/features/ranking/RankingPage"),
  "RankingPage",
);
const ranking = createRoute({
  getParentRoute: () => signedIn,
  path: "/batches/$batchId/ranking",
  component: function Ranking() {
    const { batchId } = ranking.useParams();
    return <LazyRanking key={batchId} batchId={batchId} />;
  },
});

const LazyJudging = lazyRouteComponent(
  () => import("@/features/judging/JudgingPage"),
  "JudgingPage",
);
const judging = createRoute({
  getParentRoute: () => signedIn,
  path: "/batches/$batchId/judging",
  component: function Judging() {
    const { batchId } = judging.useParams();
    return <LazyJudging key={batchId} batchId={batchId} />;
  },
});

const LazyEssay = lazyRouteComponent(() => import("@/features/essay/EssayPage"), "EssayPage");
const essay = createRoute({
  getParentRoute: () => signedIn,
  path: "/batches/$batchId/essays/$essayId",
  validateSearch: readEssaySearch,
  component: function Essay() {
    const { batchId, essayId } = essay.useParams();
    return <LazyEssay batchId={batchId} essayId={essayId} />;
  },
});

const notifications = createRoute({
  getParentRoute: () => signedIn,
  path: "/notifications",
  component: lazyRouteComponent(
    () => import("@/features/notifications/NotificationsPage"),
    "NotificationsPage",
  ),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/features/settings/SettingsPage"), "SettingsPage"),
});

export const routeTree = root.addChildren([
  signIn,
  signedIn.addChildren([
    home,
    batches,
    newBatch,
    files,
    batch,
    results,
    ranking,
    judging,
    essay,
    notifications,
    settings,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultErrorComponent: Failure,
  defaultPendingComponent: Pending,
  defaultNotFoundComponent: NotFound,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
