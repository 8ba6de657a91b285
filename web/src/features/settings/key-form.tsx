/** Entering a key. What is typed is shown as dots, sent once, and forgotten by the page. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { z } from "zod";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Form, useForm } from "@/ui/form";
import { useToasts } from "@/ui/toasts";
import type { KeyItem } from "@/wire/api";
import { listKeysQueryKey, putKeyMutation } from "@/wire/api/@tanstack/react-query.gen";
import { useWords } from "./words";

const LONGEST_KEY = 1000;

export function KeyForm({ item, onDone }: { item: KeyItem; onDone: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const toasts = useToasts();
  const schema = useMemo(
    () =>
      z.object({
        key: z.string().trim().min(1, t("keys.keyMissing")).max(LONGEST_KEY, t("keys.keyLong")),
        baseUrl: z.string().trim().max(500).refine((url) => url === "" || /^https?:\/\/\S+$/.test(url), t("keys.urlWrong")),
        model: z.string().trim().max(100),
      }),
    [t],
  );
  const form = useForm(schema, { key: "", baseUrl: item.baseUrl ?? "", model: item.model ?? "" });
  const put = useMutation({
    ...putKeyMutation(),
    onSuccess: async (after) => {
      await queries.invalidateQueries({ queryKey: listKeysQueryKey() });
      toasts.show({ text: t("keys.kept", { name: after.title }) });
      onDone();
    },
  });
  const { errors } = form.formState;
  return (
    <Form
      form={form}
      failure={put.error}
      onSubmit={(body) => {
        put.mutate({ path: { provider: item.provider }, body });
      }}
      actions={
        <>
          <Button type="submit" look="primary" busy={put.isPending}>
            {t("keys.keep")}
          </Button>
          <Button onClick={onDone}>{t("cancel")}</Button>
        </>
      }
    >
      <TextField type="password" label={t("keys.key")} hint={t("keys.keyHint")} error={errors.key?.message} autoComplete="off" spellCheck={false} {...form.register("key")} />
      {item.usedFor !== "" && (
        <>
          <TextField optional type="url" label={t("keys.baseUrl")} hint={t("keys.baseUrlHint")} error={errors.baseUrl?.message} {...form.register("baseUrl")} />
          <TextField optional label={t("keys.model")} hint={t("keys.modelHint")} error={errors.model?.message} spellCheck={false} {...form.register("model")} />
        </>
      )}
    </Form>
  );
}
