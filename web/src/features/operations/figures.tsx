/** A few numbers beside each other, each with its name. */
export function Figures({ items }: { items: readonly (readonly [string, string])[] }) {
  return (
    <dl className="operations-figures">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
