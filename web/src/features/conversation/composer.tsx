/** Typing instead of talking. */
import { ArrowUp } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { useWords } from "./words";

const MAX_CHARACTERS = 4000;

export function Composer({ cloneName, onSend }: { cloneName: string; onSend: (text: string) => void }) {
  const t = useWords();
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
        placeholder={t("composer.label", { name: cloneName })}
        aria-label={t("composer.label", { name: cloneName })}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" className="send" aria-label={t("composer.send")} disabled={text.trim() === ""}>
        <ArrowUp className="icon" aria-hidden="true" />
      </button>
    </form>
  );
}
