import { useQuery } from "@tanstack/react-query";
import { useIntl } from "react-intl";
import { api, body, keys } from "@/lib/api";

type Known = keyof typeof import("./messages/en.json");

/** The catalogue of pipelines: what can be run, and which phase comes after which. */
export function useCatalogue() {
  return useQuery({
    queryKey: keys.catalogue,
    queryFn: ({ signal }) => body(api.GET("/v1/pipelines", { signal })),
    staleTime: 10 * 60_000,
  });
}

/** Names of phases and pipelines in the teacher's language; what we have no word for is called as the catalogue does. */
export function useWorkNames() {
  const intl = useIntl();
  const catalogue = useCatalogue().data;
  const named = (id: string, title: string | undefined, name: string) =>
    id in intl.messages ? intl.formatMessage({ id: id as Known }) : (title ?? name);
  return {
    phase: (name: string) =>
      named(`phase.${name}`, catalogue?.phases.find((each) => each.name === name)?.title, name),
    pipeline: (name: string) =>
      named(
        `pipeline.${name}`,
        catalogue?.pipelines.find((each) => each.name === name)?.title,
        name,
      ),
  };
}
