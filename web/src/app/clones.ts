/** The clones that the visitor may meet. */
import { useQuery } from "@tanstack/react-query";
import { listClones } from "@/wire/session";

export function useClones() {
  return useQuery({ queryKey: ["clones"], queryFn: ({ signal }) => listClones(signal) });
}
