import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, body } from "../api/client";
import { keys } from "../api/keys";
import type { Me } from "../api/types";

/** Whoever is signed in. */
export function useMe() {
  return useQuery({
    queryKey: keys.me,
    queryFn: async ({ signal }) => (await body(api.GET("/v1/me", { signal }))) as Me,
    staleTime: 5 * 60_000,
  });
}

export type MeChange = { locale?: "en" | "sv"; display_name?: string };

/** Changes one's own name or language, on the screen at once and back if the server refuses. */
export function useChangeMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (change: MeChange) =>
      (await body(api.PATCH("/v1/me", { body: change }))) as Me,
    onMutate: (change) => {
      const before = client.getQueryData<Me>(keys.me);
      if (before) client.setQueryData<Me>(keys.me, { ...before, ...change });
      return before;
    },
    onError: (_error, _change, before) => client.setQueryData(keys.me, before),
    onSuccess: (me) => client.setQueryData(keys.me, me),
  });
}
