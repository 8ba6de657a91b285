/** Whether answers can be reported here: asked once, when there is an answer. */
import { useQuery } from "@tanstack/react-query";
import { takesFeedback } from "@/wire/feedback";

export function useFeedbackOffered(wanted: boolean): boolean {
  const { data } = useQuery({
    queryKey: ["takes-feedback"],
    queryFn: ({ signal }) => takesFeedback(signal),
    enabled: wanted,
    staleTime: Infinity,
    gcTime: Infinity,
    refetchOnWindowFocus: false,
    retry: false,
  });
  return data === true;
}
