/** What a toxic type is to the API: its attributes with Toxiproxy's units, and the fault of ours that it becomes. */
import type { FaultSpec } from '../../dataplane/faults/spec.js';
import type { Shape } from './json-shape.js';

export interface ToxicType {
  /** Go's name of its struct, which decoder messages mention. */
  readonly struct: string;
  /** Integer attributes in the order in which they are echoed; each is 0 if it is not given. */
  readonly attributes: Readonly<Record<string, 'int64' | 'int'>>;
  fault(values: Readonly<Record<string, number>>): Pick<FaultSpec, 'type' | 'value' | 'dataOnly'>;
}

/** The attributes of a type, as the decoder is to read them. */
export function attributesShape({ struct, attributes }: ToxicType): Shape {
  return { goType: `toxics.${struct}`, struct, fields: attributes };
}
