export interface PlanWarning {
  code: string;
  text: string;
  rule: string;
}
