import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { api, body, keys } from "@/lib/api";
import { uniqueKey } from "@/lib/unique-key";
import { essayIdAt } from "../lib/essay-ids";

export interface NewBatch {
  course_code: string;
  class_designation: string;
  essay_instructions: string;
  teacher_name: string;
  student_names: string[];
  pipeline: string | null;
  /** How many essays it has room for. */
  essays: number;
}

/** Registers a batch; sent twice with the same words, it is the same batch. */
export function useRegisterBatch() {
  const client = useQueryClient();
  const last = useRef({ words: "", key: "" });
  return useMutation({
    mutationFn: async ({ essays, ...batch }: NewBatch) => {
      const wanted = {
        ...batch,
        class_id: null,
        expected_essay_count: essays,
        essay_ids: Array.from({ length: essays }, (_, index) => essayIdAt(index)),
      };
      const words = JSON.stringify(wanted);
      if (words !== last.current.words) last.current = { words, key: uniqueKey() };
      const registered = await body(
        api.POST("/v1/batches/register", {
          body: wanted,
          headers: { "Idempotency-Key": last.current.key },
        }),
      );
      return registered.batch_id;
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.batches.all }),
  });
}
