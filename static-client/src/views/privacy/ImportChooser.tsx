import Button from '@atlaskit/button/default/button';
import { type DragEvent, useId, useRef, useState } from 'react';

interface ImportChooserProps {
  /** What is wrong with the file that was chosen. */
  readonly fault: string | undefined;
  readonly isDisabled: boolean;
  readonly onChoose: (file: File) => void;
}

/** Takes a file, dropped here or chosen with the browser's own dialog. */
export function ImportChooser({ fault, isDisabled, onChoose }: ImportChooserProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const faultId = useId();
  const drag = (event: DragEvent, isOver: boolean) => {
    event.preventDefault();
    setOver(isOver);
  };
  const drop = (event: DragEvent) => {
    drag(event, false);
    const file = event.dataTransfer.files[0];
    if (file && !isDisabled) {
      onChoose(file);
    }
  };
  return (
    <fieldset
      className={over ? 'file-drop file-drop-over' : 'file-drop'}
      aria-label="File to import"
      onDragOver={(event) => drag(event, true)}
      onDragLeave={(event) => drag(event, false)}
      onDrop={drop}
    >
      <input
        ref={input}
        type="file"
        accept=".gz,application/gzip"
        hidden
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          // The same file may be chosen again.
          currentTarget.value = '';
          if (file) {
            onChoose(file);
          }
        }}
      />
      <Button
        isDisabled={isDisabled}
        {...(fault ? { 'aria-describedby': faultId } : {})}
        onClick={() => input.current?.click()}
      >
        Choose a file
      </Button>
      <span className="hint">or drop an export here, a file that ends in .json.gz</span>
      <p id={faultId} className="fault" role="alert">
        {fault}
      </p>
    </fieldset>
  );
}
