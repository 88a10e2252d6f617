/** The four kinds of theme as the editor shows them to a webview: classes of the body and variables of the root. */
export type ThemeName = 'dark' | 'light' | 'high-contrast-dark' | 'high-contrast-light';

export interface PanelTheme {
  readonly classes: string;
  readonly kind: string;
  readonly variables: Readonly<Record<string, string>>;
}

const fonts = { 'font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif', 'font-size': '13px', 'font-weight': 'normal' };

export const panelThemes: Readonly<Record<ThemeName, PanelTheme>> = {
  dark: {
    classes: 'vscode-dark', kind: 'vscode-dark',
    variables: {
      ...fonts, foreground: '#cccccc', descriptionForeground: '#9d9d9d', errorForeground: '#f85149', focusBorder: '#0078d4',
      'editor-background': '#1f1f1f', 'editor-foreground': '#cccccc',
      'panel-border': '#2b2b2b', 'input-background': '#313131', 'input-foreground': '#cccccc', 'input-border': '#3c3c3c',
      'progressBar-background': '#0078d4', 'textLink-foreground': '#4daafc',
      'button-background': '#0078d4', 'button-foreground': '#ffffff', 'button-border': '#ffffff12', 'button-hoverBackground': '#026ec1',
      'button-secondaryBackground': '#313131', 'button-secondaryForeground': '#cccccc', 'button-secondaryHoverBackground': '#3c3c3c',
      'badge-background': '#616161', 'badge-foreground': '#f8f8f8', 'editorHoverWidget-background': '#202020',
      'editorHoverWidget-foreground': '#cccccc', 'editorHoverWidget-border': '#454545',
    },
  },
  light: {
    classes: 'vscode-light', kind: 'vscode-light',
    variables: {
      ...fonts, foreground: '#3b3b3b', descriptionForeground: '#3b3b3b', errorForeground: '#f85149', focusBorder: '#005fb8',
      'editor-background': '#ffffff', 'editor-foreground': '#3b3b3b',
      'panel-border': '#e5e5e5', 'input-background': '#ffffff', 'input-foreground': '#3b3b3b', 'input-border': '#cecece',
      'progressBar-background': '#005fb8', 'textLink-foreground': '#005fb8',
      'button-background': '#005fb8', 'button-foreground': '#ffffff', 'button-border': '#0000001a', 'button-hoverBackground': '#0258a8',
      'button-secondaryBackground': '#e5e5e5', 'button-secondaryForeground': '#3b3b3b', 'button-secondaryHoverBackground': '#cccccc',
      'badge-background': '#cccccc', 'badge-foreground': '#3b3b3b', 'editorHoverWidget-background': '#f8f8f8',
      'editorHoverWidget-foreground': '#3b3b3b', 'editorHoverWidget-border': '#c8c8c8',
    },
  },
  'high-contrast-dark': {
    classes: 'vscode-high-contrast', kind: 'vscode-high-contrast',
    variables: {
      ...fonts, foreground: '#ffffff', descriptionForeground: 'rgba(255, 255, 255, 0.7)', errorForeground: '#f48771', focusBorder: '#f38518',
      contrastBorder: '#6fc3df', contrastActiveBorder: '#f38518',
      'editor-background': '#000000', 'editor-foreground': '#ffffff', 'panel-border': '#6fc3df', 'input-background': '#000000',
      'input-foreground': '#ffffff', 'input-border': '#6fc3df',
      'progressBar-background': '#6fc3df', 'textLink-foreground': '#21a6ff', 'button-background': '#000000', 'button-foreground': '#ffffff',
      'button-border': '#6fc3df',
      'button-secondaryBackground': '#000000', 'button-secondaryForeground': '#ffffff', 'badge-background': '#000000', 'badge-foreground': '#ffffff',
      'editorHoverWidget-background': '#000000', 'editorHoverWidget-foreground': '#ffffff', 'editorHoverWidget-border': '#6fc3df',
    },
  },
  'high-contrast-light': {
    classes: 'vscode-high-contrast vscode-high-contrast-light', kind: 'vscode-high-contrast-light',
    variables: {
      ...fonts, foreground: '#292929', descriptionForeground: 'rgba(41, 41, 41, 0.7)', errorForeground: '#b5200d', focusBorder: '#006bbd',
      contrastBorder: '#0f4a85', contrastActiveBorder: '#006bbd',
      'editor-background': '#ffffff', 'editor-foreground': '#292929', 'panel-border': '#0f4a85', 'input-background': '#ffffff',
      'input-foreground': '#292929', 'input-border': '#0f4a85',
      'progressBar-background': '#0f4a85', 'textLink-foreground': '#0f4a85', 'button-background': '#0f4a85', 'button-foreground': '#ffffff',
      'button-border': '#0f4a85', 'button-hoverBackground': '#0f4a85',
      'button-secondaryBackground': '#ffffff', 'button-secondaryForeground': '#292929', 'button-secondaryHoverBackground': '#ffffff',
      'badge-background': '#0f4a85', 'badge-foreground': '#ffffff',
      'editorHoverWidget-background': '#ffffff', 'editorHoverWidget-foreground': '#292929', 'editorHoverWidget-border': '#0f4a85',
    },
  },
};
