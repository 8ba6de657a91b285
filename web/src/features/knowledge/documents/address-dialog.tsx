/** Adds a page of the web by its address. */
import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { z } from "zod";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { Form, useForm } from "@/ui/form";
import { addAddressMutation } from "@/wire/api/@tanstack/react-query.gen";
import { useOutdate } from "../going";
import { useWords } from "../words";

interface AddressDialogProps {
  clone: string;
  open: boolean;
  onClose: () => void;
}

export function AddressDialog({ clone, open, onClose }: AddressDialogProps) {
  const t = useWords();
  return (
    <Dialog open={open} onClose={onClose} title={t("address.title")}>
      <AddressForm clone={clone} onClose={onClose} />
    </Dialog>
  );
}

function AddressForm({ clone, onClose }: { clone: string; onClose: () => void }) {
  const t = useWords();
  const outdate = useOutdate();
  const schema = useMemo(() => z.object({ url: z.string().trim().min(1, t("address.missing")).max(2000, t("address.missing")).refine(isAddress, t("address.wrong")) }), [t]);
  const form = useForm(schema, { url: "" });
  const adding = useMutation({
    ...addAddressMutation(),
    onSuccess: async () => {
      await outdate("listDocuments");
      onClose();
    },
  });
  return (
    <Form
      form={form}
      failure={adding.error}
      onSubmit={({ url }) => {
        adding.mutate({ body: { url, clone } });
      }}
      actions={
        <>
          <Button type="submit" look="primary" busy={adding.isPending}>
            {t("address.add")}
          </Button>
          <Button onClick={onClose}>{t("cancel")}</Button>
        </>
      }
    >
      <TextField label={t("address.label")} hint={t("address.hint")} type="url" inputMode="url" autoComplete="url" error={form.formState.errors.url?.message} {...form.register("url")} />
    </Form>
  );
}

/** `example.org/about` counts: the server adds https://. */
function isAddress(text: string): boolean {
  const whole = text.includes("://") ? text : `https://${text}`;
  return /^https?:\/\//i.test(whole) && URL.canParse(whole) && new URL(whole).hostname.includes(".");
}
