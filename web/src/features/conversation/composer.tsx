/** Typing instead of talking. */
import { useState, type KeyboardEvent } from "react";
import { SendIcon } from "@/ui/icons";

const MAX_CHARACTERS = 4000;

export function Composer({ cloneName, onSend }: { cloneName: string; onSend: (text: string) => void }) {
  const [text, setText] = useState("");
  const send = (): void => {
    if (text.trim() === "") return;
    onSend(text);
    setText("");
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        rows={1}
        value={text}
        maxLength={MAX_CHARACTERS}
        placeholder={`Write to ${cloneName}`}
        aria-label={`Write to ${cloneName}`}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" className="send" aria-label="Send" disabled={text.trim() === ""}>
        <SendIcon />
      </button>
    </form>
  );
}
