/** The line that a person draws across links to cut them; a sheet over the picture for as long as the tool is on. */
import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { crossedLinks } from '../cut-tool.js';
import { type Curve, crossedBy, type Point } from './curve.js';

export interface CutLineProps {
  svg: RefObject<SVGSVGElement | null>;
  curves: ReadonlyMap<string, Curve>;
  size: { width: number; height: number };
}

export function CutLine({ svg, curves, size }: CutLineProps) {
  const [line, setLine] = useState<readonly [Point, Point] | undefined>(undefined);
  const pointOf = ({ clientX, clientY }: PointerEvent): Point => {
    const matrix = svg.current?.getScreenCTM()?.inverse();
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix);
    return { x, y };
  };
  const finish = (): void => {
    if (line !== undefined) crossedLinks.value = crossedBy(line, curves);
    setLine(undefined);
  };
  return (
    <>
      <rect
        class="cut-sheet"
        width={size.width}
        height={size.height}
        onPointerDown={(event) => {
          (event.currentTarget as SVGRectElement).setPointerCapture(event.pointerId);
          const at = pointOf(event);
          setLine([at, at]);
        }}
        onPointerMove={(event) => {
          if (line !== undefined) setLine([line[0], pointOf(event)]);
        }}
        onPointerUp={finish}
        onPointerCancel={() => setLine(undefined)}
      />
      {line !== undefined && <line class="cut-line" x1={line[0].x} y1={line[0].y} x2={line[1].x} y2={line[1].y} />}
    </>
  );
}
