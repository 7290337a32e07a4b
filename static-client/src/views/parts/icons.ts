import arrowDownIcon from '@atlaskit/icon/core/arrow-down';
import arrowUpIcon from '@atlaskit/icon/core/arrow-up';
import chevronDownIcon from '@atlaskit/icon/core/chevron-down';
import chevronRightIcon from '@atlaskit/icon/core/chevron-right';
import crossIcon from '@atlaskit/icon/core/cross';
import deleteIcon from '@atlaskit/icon/core/delete';
import editIcon from '@atlaskit/icon/core/edit';
import refreshIcon from '@atlaskit/icon/core/refresh';
import searchIcon from '@atlaskit/icon/core/search';
import starStarredIcon from '@atlaskit/icon/core/star-starred';
import starUnstarredIcon from '@atlaskit/icon/core/star-unstarred';
import statusErrorIcon from '@atlaskit/icon/core/status-error';
import statusInformationIcon from '@atlaskit/icon/core/status-information';
import statusSuccessIcon from '@atlaskit/icon/core/status-success';
import statusWarningIcon from '@atlaskit/icon/core/status-warning';

/**
 * The icons in use. Atlaskit publishes them as CommonJS only, so from an ES module the default import is the
 * module's exports, with the icon one level deeper.
 */
function icon<Icon extends object>(imported: Icon): Icon {
  return 'default' in imported ? (imported.default as Icon) : imported;
}

export const ArrowDownIcon = icon(arrowDownIcon);
export const ArrowUpIcon = icon(arrowUpIcon);
export const ChevronDownIcon = icon(chevronDownIcon);
export const ChevronRightIcon = icon(chevronRightIcon);
export const CrossIcon = icon(crossIcon);
export const DeleteIcon = icon(deleteIcon);
export const EditIcon = icon(editIcon);
export const RefreshIcon = icon(refreshIcon);
export const SearchIcon = icon(searchIcon);
export const StarStarredIcon = icon(starStarredIcon);
export const StarUnstarredIcon = icon(starUnstarredIcon);
export const StatusErrorIcon = icon(statusErrorIcon);
export const StatusInformationIcon = icon(statusInformationIcon);
export const StatusSuccessIcon = icon(statusSuccessIcon);
export const StatusWarningIcon = icon(statusWarningIcon);
