interface ProgressProps {
  readonly label: string;
  /** 0 to 1; absent while nobody knows. */
  readonly share: number | undefined;
}

export function Progress({ label, share }: ProgressProps) {
  const known = share !== undefined;
  return (
    <progress
      className="progress"
      aria-label={label}
      max={1}
      {...(known ? { value: Math.min(Math.max(share, 0), 1) } : {})}
    />
  );
}
