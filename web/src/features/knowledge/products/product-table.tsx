/** Products as rows, to look through: by words, by catalogue, in an order. */
import { useId, useState } from "react";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { useFormat } from "@/ui/i18n/format";
import { Select } from "@/ui/select";
import { Table, type Column } from "@/ui/table";
import type { DocumentItem, ProductItem } from "@/wire/api/types.gen";
import { useWords } from "../words";
import { PicturesDialog } from "./pictures-dialog";
import { ORDERS, priceOf, sift, type Sift } from "./sift";
import { Thumbnail } from "./thumbnail";

const AT_ONCE = 50;

export function ProductTable({ products, catalogues }: { products: readonly ProductItem[]; catalogues: readonly DocumentItem[] }) {
  const t = useWords();
  const format = useFormat();
  const said = useId();
  const [wish, setWish] = useState<Sift>({ words: "", document: "", order: "file" });
  const [shown, setShown] = useState(AT_ONCE);
  const [opened, setOpened] = useState<string | null>(null);
  const columns = useColumns(catalogues, setOpened);
  const found = sift(products, wish, format.language);
  const change = (part: Partial<Sift>): void => {
    setWish({ ...wish, ...part });
    setShown(AT_ONCE);
  };
  return (
    <>
      <div className="products-tools">
        <TextField type="search" label={t("products.search")} value={wish.words} aria-controls={said} onChange={(event) => { change({ words: event.target.value }); }} />
        {catalogues.length > 1 && (
          <Select label={t("products.from")} value={wish.document} onChange={(document) => { change({ document }); }} options={[{ value: "", label: t("products.anywhere") }, ...catalogues.map(({ id, filename }) => ({ value: id, label: filename }))]} />
        )}
        <Select label={t("products.order")} value={wish.order} onChange={(order) => { change({ order }); }} options={ORDERS.map((order) => ({ value: order, label: t(`products.orders.${order}`) }))} />
      </div>
      <p id={said} className="know-lead" role="status">
        {found.length < products.length && (found.length === 0 ? t("products.none") : t("products.some", { count: found.length }))}
      </p>
      {found.length > 0 && (
        <div className="documents products">
          <Table caption={t("products.caption")} columns={columns} rows={found.slice(0, shown)} rowKey={({ id }) => id} />
        </div>
      )}
      <PicturesDialog product={products.find(({ id }) => id === opened) ?? null} onClose={() => { setOpened(null); }} />
      {found.length > shown && (
        <div>
          <Button onClick={() => { setShown(shown + AT_ONCE); }}>{t("products.more", { count: Math.min(AT_ONCE, found.length - shown) })}</Button>
        </div>
      )}
    </>
  );
}

function useColumns(catalogues: readonly DocumentItem[], onPictures: (product: string) => void): Column<ProductItem>[] {
  const t = useWords();
  const { language } = useFormat();
  const names = new Map(catalogues.map(({ id, filename }) => [id, filename]));
  return [
    { key: "name", label: t("products.name"), cell: (product) => <Named product={product} onPictures={() => { onPictures(product.id); }} /> },
    { key: "price", label: t("products.price"), align: "end", cell: (product) => priceOf(product, language) },
    { key: "category", label: t("products.category"), cell: ({ category }) => category ?? "–" },
    { key: "source", label: t("products.source"), cell: ({ documentId, row }) => [names.get(documentId), t("place.row", { number: row })].filter((part) => part !== undefined).join(", ") },
  ];
}

function Named({ product, onPictures }: { product: ProductItem; onPictures: () => void }) {
  const t = useWords();
  const { name, brand, sku, description, details, image, pictures } = product;
  const more = Object.entries(details).map(([column, value]) => `${column}: ${value}`);
  const first = [brand, sku].filter((part) => part !== null && part !== "" && part !== name).join(" · ");
  return (
    <div className="product">
      <Thumbnail product={product} onOpen={onPictures} />
      <div>
        <p className="doc-name">{name}</p>
        {first !== "" && <p className="product-detail">{first}</p>}
        {description !== "" && <p className="product-detail product-text">{description}</p>}
        {more.length > 0 && <p className="product-detail">{more.join(" · ")}</p>}
        {image !== null && pictures.length === 0 && <p className="product-detail">{t("pictures.named", { image })}</p>}
      </div>
    </div>
  );
}
