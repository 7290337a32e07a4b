import { useEffect } from 'react';
import { IconButton } from '../parts/IconButton';
import { CrossIcon } from '../parts/icons';

interface RemovedFlagProps {
  readonly name: string;
  readonly onUndo: () => void;
  readonly onClose: () => void;
}

const SHOWN_SECONDS = 15;

/** Says that a report is gone and offers to bring it back. */
export function RemovedFlag({ name, onUndo, onClose }: RemovedFlagProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the time runs from the moment the flag appears
  useEffect(() => {
    const timer = setTimeout(onClose, SHOWN_SECONDS * 1000);
    return () => clearTimeout(timer);
  }, [name]);
  return (
    <div className="flag" role="status">
      <span className="clipped">“{name}” was deleted.</span>
      <button type="button" className="link-button" onClick={onUndo}>
        Undo
      </button>
      <IconButton icon={CrossIcon} label="Dismiss" onClick={onClose} />
    </div>
  );
}
