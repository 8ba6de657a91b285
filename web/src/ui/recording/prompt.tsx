/** Words to be read aloud, large. Long ones are a little smaller, so that they stay in sight on a phone. */
import "./recording.css";

const LONG = { EN: 90, ES: 90, ZH: 32 } as const;
const TAGS = { EN: "en", ES: "es", ZH: "zh-Hans" } as const;

export function Prompt({ text, language }: { text: string; language: "EN" | "ES" | "ZH" }) {
  return (
    <blockquote className="prompt" lang={TAGS[language]} data-long={text.length > LONG[language]}>
      {text}
    </blockquote>
  );
}
