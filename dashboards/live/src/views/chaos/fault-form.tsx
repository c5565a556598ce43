/** A fault of the catalog for some links, in a form that is made of its schema, with what it would meet before it goes on. */
import { useEffect, useId, useState } from 'preact/hooks';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/failure.js';
import type { HandSpec } from './acts.js';
import { type CatalogFault, faultCatalog, suits } from './fault-catalog.js';
import { type Field, fieldsOf, textsOf, valueOf } from './fields.js';
import { newId, put, whyNot } from './hand.js';
import { FaultPreview } from './preview.js';

type Texts = Readonly<Record<string, string>>;

export function FaultForm({ links, protocol }: { links: readonly string[]; protocol: string }) {
  const [catalog, setCatalog] = useState<readonly CatalogFault[]>([]);
  const [failed, setFailed] = useState<unknown>(undefined);
  useEffect(() => void faultCatalog().then(setCatalog, setFailed), []);
  const id = useId();
  const suiting = catalog.filter((fault) => suits(fault, protocol));
  const [name, setName] = useState('');
  const chosen = suiting.find((fault) => fault.name === name) ?? suiting[0];
  if (failed !== undefined) return <Failure of={failed} />;
  if (chosen === undefined) return <p class="soft">Asking for the catalog…</p>;
  return (
    <>
      <div class="field">
        <label for={id}>Fault</label>
        <select id={id} value={chosen.name} onChange={(event) => setName(event.currentTarget.value)}>
          {suiting.map((fault) => (
            <option key={fault.name}>{fault.name}</option>
          ))}
        </select>
        <small>{chosen.summary}</small>
      </div>
      <Parameters key={chosen.name} fault={chosen} links={links} />
    </>
  );
}

function Parameters({ fault, links }: { fault: CatalogFault; links: readonly string[] }) {
  const fields = fieldsOf(fault.value);
  const [texts, setTexts] = useState<Texts>(() => textsOf(fault.example));
  const [share, setShare] = useState('100');
  const [path, setPath] = useState('');
  const spec = specOf({ fault, links, fields, texts, share, path });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void put([{ ...spec, id: newId(fault.name) }]);
      }}
    >
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          text={texts[field.name] ?? ''}
          onText={(text) => setTexts({ ...texts, [field.name]: text })}
        />
      ))}
      <label class="field">
        Percentage
        <input inputMode="decimal" value={share} onInput={(event) => setShare(event.currentTarget.value)} />
      </label>
      {fault.protocol === 'http' && (
        <label class="field">
          Only paths like
          <input value={path} placeholder="/stock*" onInput={(event) => setPath(event.currentTarget.value)} />
        </label>
      )}
      <FaultPreview fault={spec} />
      <Button type="submit" look="main" refusal={whyNot.value}>
        Put it on
      </Button>
    </form>
  );
}

interface Typed {
  fault: CatalogFault;
  links: readonly string[];
  fields: readonly Field[];
  texts: Texts;
  share: string;
  path: string;
}

function specOf({ fault, links, fields, texts, share, path }: Typed): Omit<HandSpec, 'id'> {
  const percentage = share.trim() === '' ? 100 : Number(share);
  return {
    type: fault.name,
    proxies: links,
    value: valueOf(fields, texts),
    percentage,
    ...(path.trim() !== '' && { match: { path: path.trim() } }),
  };
}

function FieldInput({ field, text, onText }: { field: Field; text: string; onText: (text: string) => void }) {
  const { name, kind, about, standard, choices, isRequired } = field;
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{name}</label>
      {kind === 'free' || kind === 'text' ? (
        <input id={id} value={text} placeholder={standard} required={isRequired} onInput={(event) => onText(event.currentTarget.value)} />
      ) : (
        <select id={id} value={text} onChange={(event) => onText(event.currentTarget.value)}>
          <option value="">{standard === '' ? '–' : `${standard} (as it is)`}</option>
          {(kind === 'flag' ? ['true', 'false'] : choices).map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      )}
      {about !== '' && <small>{about}</small>}
    </div>
  );
}
