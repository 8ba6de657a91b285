/** The first page: what this is, a face to talk with, whom else one can meet, and how to make one's own. */
import { BookOpen, Lock, MessagesSquare, Mic } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { ButtonLink } from "@/ui/button";
import { Heading } from "@/ui/page";
import "./home.css";
import { useWords } from "./words";

export interface Acquaintance {
  slug: string;
  name: string;
  greeting: string;
}

interface HomeProps {
  /** The guide's face, alive. */
  face: ReactNode;
  /** What one can do with the guide: say hello, stop, go on. */
  action: ReactNode;
  clones: readonly Acquaintance[];
  /** The person may make and mind clones here. */
  owner: boolean;
}

export function Home({ face, action, clones, owner }: HomeProps) {
  const t = useWords();
  return (
    <div className="home">
      <section className="hero">
        <div className="hero-words">
          <Heading>{t("title")}</Heading>
          <p className="hero-lead">{t("lead")}</p>
          <div className="hero-actions">
            {action}
            <ButtonLink size="large" to="/studio">
              {t("make")}
            </ButtonLink>
          </div>
        </div>
        <div className="hero-face">{face}</div>
      </section>
      {clones.length > 1 && <Meet clones={clones} />}
      <How />
      <section className="privacy">
        <Lock className="icon" aria-hidden="true" />
        <div>
          <h2>{t("privacy.title")}</h2>
          <p>{t("privacy.text")}</p>
        </div>
      </section>
      {!owner && (
        <p className="home-sign-in">
          {t("signIn.text")} <Link to="/sign-in">{t("signIn.action")}</Link>
        </p>
      )}
    </div>
  );
}

function Meet({ clones }: { clones: readonly Acquaintance[] }) {
  const t = useWords();
  return (
    <section>
      <h2>{t("meet.title")}</h2>
      <ul className="acquaintances">
        {clones.map(({ slug, name, greeting }) => (
          <li key={slug}>
            <Link className="acquaintance" to={`/talk/${encodeURIComponent(slug)}`} aria-label={t("meet.talk", { name })}>
              <span className="acquaintance-mark" aria-hidden="true">
                {Array.from(name)[0]}
              </span>
              <span className="acquaintance-words">
                <span className="acquaintance-name">{name}</span>
                <span className="acquaintance-greeting">{greeting}</span>
              </span>
              <span className="acquaintance-talk" aria-hidden="true">
                {t("meet.action")}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

const STEPS = [
  { name: "speak", icon: Mic },
  { name: "teach", icon: BookOpen },
  { name: "share", icon: MessagesSquare },
] as const;

function How() {
  const t = useWords();
  return (
    <section>
      <h2>{t("how.title")}</h2>
      <ol className="how">
        {STEPS.map(({ name, icon: Icon }) => (
          <li key={name}>
            <Icon className="icon" aria-hidden="true" />
            <h3>{t(`how.${name}.title`)}</h3>
            <p>{t(`how.${name}.text`)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
