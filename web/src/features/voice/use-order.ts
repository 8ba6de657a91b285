/** Sends recordings and begins a voice: how far the sending is, what went wrong, and a way to stop. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { listVoicesQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import type { VoiceModelItem } from "@/wire/api/types.gen";
import { ApiError } from "@/wire/api-error";
import { upload } from "@/wire/upload";

export interface Order {
  /** From 0 to 1 while it is sent; null otherwise. */
  progress: number | null;
  error: Error | null;
  send: (form: FormData) => Promise<VoiceModelItem | null>;
  cancel: () => void;
}

export function useOrder(): Order {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<number | null>(null);
  const until = useRef<AbortController | null>(null);
  const order = useMutation({
    mutationFn: (form: FormData) => {
      until.current = new AbortController();
      setProgress(0);
      return upload<VoiceModelItem>("/voice-model/upload", form, { signal: until.current.signal, onProgress: setProgress });
    },
    onSettled: () => { setProgress(null); },
    onSuccess: () => queries.invalidateQueries({ queryKey: listVoicesQueryKey() }),
  });
  const stopped = order.error instanceof ApiError && order.error.code === "ABORTED";
  return {
    progress,
    error: stopped ? null : order.error,
    send: (form) => order.mutateAsync(form).catch(() => null),
    cancel: () => { until.current?.abort(); },
  };
}
