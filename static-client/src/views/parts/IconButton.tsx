import type { ButtonHTMLAttributes, ComponentType } from 'react';

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label' | 'title'> {
  readonly icon: ComponentType<{ label: string; color?: 'currentColor' }>;
  /** What the button does; read out and shown on hover. */
  readonly label: string;
}

/** A subtle button that shows only an icon (Atlaskit's own brings tooltips and menus along). */
export function IconButton({ icon: Icon, label, ...attributes }: IconButtonProps) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} {...attributes}>
      <Icon label="" color="currentColor" />
    </button>
  );
}
