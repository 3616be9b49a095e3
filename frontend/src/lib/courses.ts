import { useQuery } from "@tanstack/react-query";
import { api, body } from "./api/client";
import { keys } from "./api/keys";

/** Every course a batch can belong to. */
export function useCourses() {
  return useQuery({
    queryKey: keys.courses,
    queryFn: async ({ signal }) => (await body(api.GET("/v1/courses", { signal }))).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
