/** A text with marked parts: `<Rich text={t("terms")} parts={{ link: (words) => <Link to="/x">{words}</Link> }} />`. */
import { Fragment, type ReactNode } from "react";

interface RichProps {
  /** Words in which `<name>…</name>` marks a part. Marks are not nested. */
  text: string;
  parts: Record<string, (words: string) => ReactNode>;
}

export function Rich({ text, parts }: RichProps) {
  return text.split(/(<\w+>.*?<\/\w+>)/).map((piece, index) => {
    const [, name = "", words = ""] = /^<(\w+)>(.*)<\/\1>$/.exec(piece) ?? [];
    return <Fragment key={index}>{parts[name]?.(words) ?? piece}</Fragment>;
  });
}
