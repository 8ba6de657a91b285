/** Who the clone is, above its path: picture, name, description and greeting, changed where they stand. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useMemo, useState } from "react";
import { Button, IconButton } from "@/ui/button";
import "@/ui/card.css";
import { Form, useForm } from "@/ui/form";
import type { OwnClone } from "@/wire/api";
import { changeCloneMutation, listOwnClonesQueryKey, showCloneQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { CloneFields, cloneSchema } from "./clone-fields";
import { ClonePicture } from "./clone-picture";
import type { CloneLanguage } from "./greeting";
import { useWords } from "./words";

export function CloneHead({ clone }: { clone: OwnClone }) {
  const t = useWords();
  const [editing, setEditing] = useState(false);
  if (editing) return <EditClone clone={clone} onClose={() => { setEditing(false); }} />;
  return (
    <div className="clone-head">
      <ClonePicture clone={clone} />
      <div className="clone-head-words">
        <p className="clone-name">{clone.name}</p>
        {clone.description !== "" && <p className="studio-soft">{clone.description}</p>}
        {clone.greeting !== "" && <p className="clone-greeting">{t("quoted", { words: clone.greeting })}</p>}
      </div>
      <IconButton label={t("edit.open", { name: clone.name })} icon={Pencil} onClick={() => { setEditing(true); }} />
    </div>
  );
}

function EditClone({ clone, onClose }: { clone: OwnClone; onClose: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const key = showCloneQueryKey({ path: { slug: clone.slug } });
  const form = useForm(useMemo(() => cloneSchema(t("fields.nameWrong")), [t]), { name: clone.name, language: clone.language as CloneLanguage, description: clone.description, greeting: clone.greeting });
  const change = useMutation({
    ...changeCloneMutation(),
    onSuccess: (changed) => {
      queries.setQueryData(key, changed);
      void queries.invalidateQueries({ queryKey: listOwnClonesQueryKey() });
      onClose();
    },
  });
  return (
    <section className="card clone-edit" aria-label={t("edit.title")}>
      <Form
        form={form}
        failure={change.error}
        onSubmit={(values) => { change.mutate({ path: { slug: clone.slug }, body: values }); }}
        actions={
          <>
            <Button look="primary" type="submit" busy={change.isPending}>
              {t("edit.save")}
            </Button>
            <Button look="quiet" onClick={onClose}>
              {t("new.cancel")}
            </Button>
          </>
        }
      >
        <CloneFields form={form} />
      </Form>
    </section>
  );
}
