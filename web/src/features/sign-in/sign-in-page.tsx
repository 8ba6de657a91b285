/** Signing in from another computer with a code that works once. The person at the server's own machine needs none. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useMemo, useSyncExternalStore } from "react";
import { useLocation, useNavigate } from "react-router";
import { z } from "zod";
import { Button, ButtonLink } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { TextField } from "@/ui/field";
import { Form, useForm } from "@/ui/form";
import { Page } from "@/ui/page";
import { Skeleton } from "@/ui/skeleton";
import { useToasts } from "@/ui/toasts";
import { currentSession, onSession, sessionToken, signIn } from "@/wire/session";
import "./sign-in.css";
import { takeOverLooks } from "./take-over";
import { troubleOf } from "./trouble";
import { useWords } from "./words";

export default function SignInPage() {
  const t = useWords();
  const session = useSyncExternalStore(onSession, currentSession);
  const asked = useQuery({ queryKey: ["session"], queryFn: () => sessionToken(), retry: false });
  return (
    <Page title={t("title")} lead={t("lead")} width="narrow">
      {asked.isPending ? <Skeleton /> : session?.owner === true ? <Done /> : <CodeForm />}
    </Page>
  );
}

function Done() {
  const t = useWords();
  const action = (
    <ButtonLink look="primary" to="/studio">
      {t("toStudio")}
    </ButtonLink>
  );
  return <EmptyState icon={CircleCheck} title={t("doneTitle")} text={t("doneText")} action={action} />;
}

/** A link of the form `/sign-in#CODE` brings the code along; it is never sent to the server as part of the address. */
function codeOf(hash: string): string {
  const code = hash.slice(1);
  return /^[\w-]{4,64}$/.test(code) ? code : "";
}

function CodeForm() {
  const t = useWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const toasts = useToasts();
  const schema = useMemo(() => z.object({ code: z.string().trim().min(1, t("codeMissing")).max(64, t("wrong")) }), [t]);
  const form = useForm(schema, { code: codeOf(useLocation().hash) });
  const enter = useMutation({
    mutationFn: signIn,
    onSuccess: async () => {
      await takeOverLooks();
      await queries.invalidateQueries();
      toasts.show({ text: t("welcome") });
      void navigate("/studio");
    },
    onError: (error) => {
      const trouble = troubleOf(error);
      if (trouble !== null) form.setError("code", { message: t(trouble) }, { shouldFocus: true });
    },
  });
  const failure = enter.error !== null && troubleOf(enter.error) === null ? enter.error : null;
  return (
    <Card>
      <Form
        form={form}
        failure={failure}
        onSubmit={({ code }) => {
          enter.mutate(code);
        }}
        actions={
          <Button type="submit" look="primary" busy={enter.isPending}>
            {t("submit")}
          </Button>
        }
      >
        <div>
          <p>{t("how")}</p>
          <pre className="command">{t("command")}</pre>
        </div>
        <TextField
          label={t("code")}
          hint={t("codeHint")}
          error={form.formState.errors.code?.message}
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          {...form.register("code")}
        />
      </Form>
    </Card>
  );
}
