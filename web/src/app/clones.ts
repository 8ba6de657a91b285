/** The clones that the visitor may meet. */
import { useQuery } from "@tanstack/react-query";
import { listMeetableClonesOptions } from "@/wire/api/@tanstack/react-query.gen";

export function useClones() {
  return useQuery({ ...listMeetableClonesOptions(), select: ({ clones }) => clones });
}
