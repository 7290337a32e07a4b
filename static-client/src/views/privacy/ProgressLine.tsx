import Button from '@atlaskit/button/default/button';
import { Progress } from '../parts/Progress';

interface ProgressLineProps {
  readonly label: string;
  /** 0 to 1; undefined while nobody knows. */
  readonly share: number | undefined;
  readonly text: string;
  /** Absent where it cannot be stopped any more. */
  readonly onCancel?: () => void;
}

/** Work under way, how far it is, and the way to stop it. */
export function ProgressLine({ label, share, text, onCancel }: ProgressLineProps) {
  return (
    <div className="panel-progress">
      <div>
        <Progress label={label} share={share} />
        <p className="hint" role="status">
          {text}
        </p>
      </div>
      {onCancel && (
        <Button appearance="subtle" onClick={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}
