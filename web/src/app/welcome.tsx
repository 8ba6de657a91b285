/** A quiet page around one thing to say: waking up, or why we cannot talk. */
import type { ReactNode } from "react";
import { Heading } from "@/ui/page";
import { Portrait } from "@/ui/portrait";
import "./welcome.css";

interface WelcomeProps {
  title: string;
  words: string;
  children?: ReactNode;
}

export function Welcome({ title, words, children }: WelcomeProps) {
  return (
    <main className="welcome">
      <Portrait name="Selfsame" mood="resting" />
      <Heading>{title}</Heading>
      <p role="status">{words}</p>
      {children}
    </main>
  );
}
