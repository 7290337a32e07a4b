import { type DragEvent, type KeyboardEvent, type ReactNode, useState } from 'react';

export interface CardText {
  /** Stays with the card while it moves. */
  readonly key: string;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly wrong: boolean;
}

interface CardsProps {
  readonly title: string;
  readonly cards: readonly CardText[];
  readonly selected: number | undefined;
  readonly empty?: string;
  /** The button that adds a card; absent for fixed lists. */
  readonly add?: ReactNode;
  readonly onSelect: (index: number) => void;
  readonly onMove?: (from: number, to: number) => void;
  readonly onRemove?: (index: number) => void;
}

/**
 * A list of cards, in order. Dragging moves one; with the keyboard, Alt and the arrow keys do, and Delete
 * takes it away.
 */
export function Cards({ title, cards, selected, empty, add, onSelect, onMove, onRemove }: CardsProps) {
  const [dragged, setDragged] = useState<number>();
  const press = (event: KeyboardEvent, index: number) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (event.altKey && step && onMove) {
      event.preventDefault();
      onMove(index, index + step);
    } else if (event.key === 'Delete' && onRemove) {
      event.preventDefault();
      onRemove(index);
    }
  };
  const drop = (event: DragEvent, index: number) => {
    event.preventDefault();
    if (dragged !== undefined && dragged !== index) {
      onMove?.(dragged, index);
    }
    setDragged(undefined);
  };
  return (
    <section className="cards" aria-label={title}>
      <div className="cards-head">
        <h2>{title}</h2>
        {add}
      </div>
      <ol>
        {cards.map((card, index) => (
          <li
            key={card.key}
            className={dragged === index ? 'dragged' : undefined}
            draggable={onMove !== undefined}
            onDragStart={() => setDragged(index)}
            onDragEnd={() => setDragged(undefined)}
            onDragOver={(event) => dragged !== undefined && event.preventDefault()}
            onDrop={(event) => drop(event, index)}
          >
            <button
              type="button"
              className={card.wrong ? 'card card-wrong' : 'card'}
              aria-current={selected === index}
              aria-keyshortcuts={onMove ? 'Alt+ArrowUp Alt+ArrowDown Delete' : undefined}
              onClick={() => onSelect(index)}
              onKeyDown={(event) => press(event, index)}
            >
              {onMove && (
                <span className="card-grip" aria-hidden="true">
                  ⠿
                </span>
              )}
              <span className="clipped card-label">{card.label}</span>
              {card.wrong && <span className="fault">to correct</span>}
              {card.detail && <span className="card-detail">{card.detail}</span>}
            </button>
          </li>
        ))}
      </ol>
      {cards.length === 0 && empty && <p className="hint">{empty}</p>}
    </section>
  );
}
