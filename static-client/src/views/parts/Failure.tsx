import Button from '@atlaskit/button/default/button';
import { explain } from '../text/explain';
import { Notice } from './Notice';

interface FailureProps {
  readonly error: unknown;
  /** Offered where trying again can help. */
  readonly onAgain?: () => void;
}

/** An error in plain words, with what can be done about it. */
export function Failure({ error, onAgain }: FailureProps) {
  const { title, text, again } = explain(error);
  return (
    <Notice tone="danger" title={title}>
      <p>{text}</p>
      {again && onAgain && <Button onClick={onAgain}>Try again</Button>}
    </Notice>
  );
}
