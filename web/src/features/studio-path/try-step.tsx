/** The last step of the path: talk with the clone right here, see what would make it better, and let others meet it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowRight, Check, Copy } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Link, useParams } from "react-router";
import { Button, ButtonLink } from "@/ui/button";
import { Card } from "@/ui/card";
import { useErrorWords } from "@/ui/error-words";
import { Page } from "@/ui/page";
import { Switch } from "@/ui/switch";
import { useToasts } from "@/ui/toasts";
import type { OwnClone } from "@/wire/api";
import { changeCloneMutation, listMeetableClonesQueryKey, listOwnClonesQueryKey, listUnansweredOptions, showCloneOptions, showCloneQueryKey, showPersonaOptions } from "@/wire/api/@tanstack/react-query.gen";
import { wishesFor } from "./steps";
import { useWords } from "./words";

/** `talk`: the conversation, which is put in from outside. */
export function TryStep({ talk }: { talk: ReactNode }) {
  const t = useWords();
  const { clone: slug = "" } = useParams();
  const clone = useQuery(showCloneOptions({ path: { slug } }));
  return (
    <Page
      title={t("try.title")}
      lead={t("try.lead")}
      actions={
        <ButtonLink look="secondary" to={`/talk/${encodeURIComponent(slug)}`}>
          {t("try.action")}
        </ButtonLink>
      }
    >
      <div className="try">
        <Card className="try-talk">{talk}</Card>
        {clone.data !== undefined && (
          <div className="try-side">
            <Wishes clone={clone.data} />
            <Share clone={clone.data} />
          </div>
        )}
      </div>
    </Page>
  );
}

const WHERE = { voice: "voice", face: "face", knowledge: "knowledge", failed: "knowledge", more: "knowledge", manner: "manner", description: null, greeting: null } as const;

function Wishes({ clone }: { clone: OwnClone }) {
  const t = useWords();
  const persona = useQuery(showPersonaOptions({ query: { clone: clone.slug } }));
  const unanswered = useQuery(listUnansweredOptions({ path: { slug: clone.slug } }));
  const wishes = wishesFor({ clone, persona: persona.data });
  const open = unanswered.data?.unanswered.length ?? 0;
  return (
    <Card title={t("better.title")}>
      {wishes.length === 0 && open === 0 ? (
        <p className="better-done">
          <Check className="icon" aria-hidden="true" /> {t("better.nothing")}
        </p>
      ) : (
        <ul className="better">
          {open > 0 && (
            <li>
              <Link to={`/studio/${encodeURIComponent(clone.slug)}/knowledge`}>{t("better.unanswered", { count: open })}</Link>
            </li>
          )}
          {wishes.map((wish) => {
            const step = WHERE[wish];
            return <li key={wish}>{step === null ? t(`better.${wish}`) : <Link to={`/studio/${encodeURIComponent(clone.slug)}/${step}`}>{t(`better.${wish}`)}</Link>}</li>;
          })}
        </ul>
      )}
    </Card>
  );
}

function Share({ clone }: { clone: OwnClone }) {
  const t = useWords();
  const words = useErrorWords();
  const toasts = useToasts();
  const queries = useQueryClient();
  const [copied, setCopied] = useState(false);
  const key = showCloneQueryKey({ path: { slug: clone.slug } });
  const change = useMutation({
    ...changeCloneMutation(),
    onSuccess: (changed) => {
      queries.setQueryData(key, changed);
      for (const queryKey of [listOwnClonesQueryKey(), listMeetableClonesQueryKey()]) void queries.invalidateQueries({ queryKey });
    },
    onError: (error) => { toasts.show({ text: words(error), tone: "bad" }); },
  });
  const address = `${location.origin}/talk/${encodeURIComponent(clone.slug)}`;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
    } catch {
      toasts.show({ text: t("share.notCopied"), tone: "bad" });
    }
  };
  return (
    <Card title={t("share.title")}>
      <div className="share">
        <Switch label={t("share.public", { name: clone.name })} on={clone.public} onChange={(on) => { change.mutate({ path: { slug: clone.slug }, body: { public: on } }); }} />
        <p className="studio-soft">{t(clone.public ? "share.isPublic" : "share.isPrivate", { name: clone.name })}</p>
        <p className="share-address">
          <code>{address}</code>
          <Button size="small" icon={copied ? Check : Copy} onClick={() => void copy()}>
            {t(copied ? "share.copied" : "share.copy")}
          </Button>
        </p>
        <Link className="link share-embed" to={`/settings/embed?clone=${encodeURIComponent(clone.slug)}`}>
          {t("share.embed")} <ArrowRight className="icon" aria-hidden="true" />
        </Link>
      </div>
    </Card>
  );
}
