/** A text to take along: shown whole, copied with a press. Without a clipboard it is chosen, to be copied by hand. */
import { Check, Copy } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Button } from "./button";
import "./copy-text.css";
import { useUiWords } from "./words";

interface CopyTextProps {
  label: string;
  text: string;
}

const SAID_MS = 2500;

export function CopyText({ label, text }: CopyTextProps) {
  const t = useUiWords();
  const id = useId();
  const box = useRef<HTMLPreElement>(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => { setCopied(false); }, SAID_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      if (box.current !== null) getSelection()?.selectAllChildren(box.current);
    }
  };
  return (
    <div className="copy-text">
      <div className="copy-text-head">
        <span id={id}>{label}</span>
        <Button size="small" icon={copied ? Check : Copy} onClick={() => void copy()}>
          {t(copied ? "copied" : "copy")}
        </Button>
      </div>
      {/* Long lines are scrolled by keyboard too. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre ref={box} tabIndex={0} role="group" aria-labelledby={id}>
        {text}
      </pre>
    </div>
  );
}
