/** A video of the person on YouTube: voice and manner of speaking are learnt from it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { z } from "zod";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Form, useForm } from "@/ui/form";
import { listVoicesQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import type { OwnClone } from "@/wire/api/types.gen";
import { cloneFromVideo } from "@/wire/api/sdk.gen";
import { ApiError } from "@/wire/api-error";
import { LanguageChoice } from "./language-choice";
import type { Language } from "./orders";
import { isVideoAddress } from "./quality";
import { useWords } from "./words";

interface TubeVoiceProps {
  clone: OwnClone;
  begin: Language;
  onOrdered: () => void;
}

export function TubeVoice({ clone, begin, onOrdered }: TubeVoiceProps) {
  const t = useWords();
  const queries = useQueryClient();
  const [language, setLanguage] = useState(begin);
  const schema = useMemo(() => z.object({ url: z.string().trim().refine(isVideoAddress, t("video.wrong")) }), [t]);
  const form = useForm(schema, { url: "" });
  const order = useMutation({
    mutationFn: async (url: string) => {
      const { data } = await cloneFromVideo({ body: { url, clone: clone.slug, language } });
      if (!data.voice.ordered) throw new ApiError(data.voice.missing ?? t("video.mannerOnly"), "VOICE_NOT_ORDERED");
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: listVoicesQueryKey() });
      onOrdered();
    },
  });
  return (
    <div className="reading">
      <p className="voice-small">{t("video.text")}</p>
      <Form
        form={form}
        failure={order.error}
        onSubmit={({ url }) => { order.mutate(url); }}
        actions={
          <Button type="submit" look="primary" busy={order.isPending}>
            {t("video.make")}
          </Button>
        }
      >
        <TextField
          label={t("video.address")}
          hint={t("video.hint")}
          error={form.formState.errors.url?.message}
          inputMode="url"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          {...form.register("url")}
        />
        <LanguageChoice label={t("files.language")} value={language} onChange={setLanguage} />
      </Form>
    </div>
  );
}
