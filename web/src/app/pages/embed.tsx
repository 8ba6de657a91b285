/** A talk inside another site. */
import { EmbedFrame } from "@/features/embed/embed-frame";
import TalkPage from "./talk";

export default function EmbedPage() {
  return (
    <EmbedFrame>
      <TalkPage menu={null} />
    </EmbedFrame>
  );
}
