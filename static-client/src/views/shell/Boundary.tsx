import { Component, type ReactNode } from 'react';
import { Failure } from '../parts/Failure';

/** Keeps a fault in one view from leaving an empty frame. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: undefined as unknown };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error !== undefined) {
      return <Failure error={this.state.error} onAgain={() => window.location.reload()} />;
    }
    return this.props.children;
  }
}
