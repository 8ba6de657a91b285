/** Who looks at the settings: owners see more than visitors. */
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { currentSession, onSession, sessionToken } from "@/wire/session";

/** Null while it is not known yet. */
export function useOwner(): { owner: boolean | null; error: Error | null; again: () => void } {
  const session = useSyncExternalStore(onSession, currentSession);
  const asked = useQuery({ queryKey: ["session"], queryFn: () => sessionToken(), retry: false });
  return {
    owner: session === null ? null : session.owner,
    error: session === null ? asked.error : null,
    again: () => void asked.refetch(),
  };
}
