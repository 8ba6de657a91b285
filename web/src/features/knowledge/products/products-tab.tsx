/** What the clone sells or shows: catalogues, and the products in them. */
import { useQuery } from "@tanstack/react-query";
import { Download, Tags } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorNote } from "@/ui/error-note";
import { useErrorWords } from "@/ui/error-words";
import { FileDrop } from "@/ui/file-drop";
import { Skeleton } from "@/ui/skeleton";
import { useToasts } from "@/ui/toasts";
import { listProductsOptions } from "@/wire/api/@tanstack/react-query.gen";
import type { DocumentItem } from "@/wire/api/types.gen";
import { DocumentTable } from "../documents/document-table";
import { TextDialog } from "../documents/text-dialog";
import { useGoing } from "../going";
import { saveFile } from "../save-file";
import { CATALOGUE_ENDINGS, MOST_BYTES, MOST_FILES } from "../shapes";
import { Uploading } from "../uploading";
import { useUploads } from "../uploads";
import { useDocuments } from "../use-documents";
import { useWords } from "../words";
import { ProductTable } from "./product-table";

export function ProductsTab({ clone }: { clone: string }) {
  const t = useWords();
  const { queue, underway } = useUploads(clone, "/api/products/upload");
  return (
    <div className="know">
      <FileDrop eachAlone label={t("products.drop")} kinds={t("products.kinds")} endings={CATALOGUE_ENDINGS} maxBytes={MOST_BYTES} many={MOST_FILES} onFiles={(files) => { queue.add(files); }} />
      <p className="know-lead">{t("products.columns")}</p>
      <Uploading queue={queue} underway={underway} />
      <Catalogues clone={clone} />
    </div>
  );
}

/** A document that is a catalogue, or is to become one. */
function isCatalogue({ kind, products }: DocumentItem): boolean {
  return kind === "products" || products > 0;
}

function Catalogues({ clone }: { clone: string }) {
  const t = useWords();
  const going = useGoing();
  const { documents } = useDocuments(clone);
  const found = useQuery(listProductsOptions({ query: { clone } }));
  const [opened, setOpened] = useState<DocumentItem | null>(null);
  if (found.isPending) return <Skeleton lines={4} />;
  if (found.isError) return <ErrorNote error={found.error} title={t("products.unseen")} retry={() => void found.refetch()} />;
  const catalogues = (documents ?? found.data.documents).filter(isCatalogue);
  const products = found.data.products.filter(({ documentId }) => !going.has(documentId));
  if (catalogues.length === 0 && products.length === 0) return <EmptyState icon={Tags} title={t("products.emptyTitle")} text={t("products.emptyText")} />;
  return (
    <>
      <section className="section" aria-labelledby="catalogues">
        <h2 id="catalogues">{t("products.catalogues")}</h2>
        <DocumentTable caption={t("products.catalogues")} documents={catalogues} onOpen={setOpened} />
      </section>
      {products.length > 0 && (
        <section className="section" aria-labelledby="products">
          <div className="section-head">
            <h2 id="products">{t("products.all", { count: products.length })}</h2>
            <SaveAll clone={clone} />
          </div>
          <ProductTable products={products} catalogues={catalogues} />
        </section>
      )}
      <TextDialog document={opened} onClose={() => { setOpened(null); }} />
    </>
  );
}

function SaveAll({ clone }: { clone: string }) {
  const t = useWords();
  const toasts = useToasts();
  const words = useErrorWords();
  return (
    <Button
      size="small"
      icon={Download}
      onClick={() => {
        saveFile(`/api/products?format=csv&clone=${encodeURIComponent(clone)}`, "products.csv").catch((error: unknown) => {
          toasts.show({ tone: "bad", text: words(error as Error) });
        });
      }}
    >
      {t("products.save")}
    </Button>
  );
}
