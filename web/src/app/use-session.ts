import { useSyncExternalStore } from "react";
import { currentSession, onSession, type SessionGrant } from "@/wire/session";

/** The session now; null while none was asked for. */
export function useSession(): SessionGrant | null {
  return useSyncExternalStore(onSession, currentSession);
}
