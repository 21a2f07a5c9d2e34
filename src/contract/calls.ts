/** The activities that a dispatch calls, as its pure rules see them. `activities/` must provide exactly these. */
import type { EffectDecision, EffectInput, EffectPlan } from './effect-calls';
import type {
  CancelInput,
  CreateAnswer,
  CreateInput,
  FindOrdersInput,
  FoundOrders,
  OrderRef,
  PublishAnswer,
  PublishInput,
  UpdateAnswer,
  UpdateOrderInput,
} from './order-calls';
import type { TellParentInput } from './sites';
import type {
  AddNoteInput,
  EffectWritten,
  Linked,
  LinkInput,
  LookInput,
  MergeRead,
  OwnEffectInput,
  OwnEffectRead,
  ReadMergeInput,
  TicketLook,
  TicketWritten,
  UpdateTicketInput,
  WriteEffectInput,
  WrittenNote,
} from './ticket-calls';

export interface DispatchCalls {
  fetchTicket(input: LookInput): Promise<TicketLook>;
  readMerge(input: ReadMergeInput): Promise<MergeRead>;
  linkTicket(input: LinkInput): Promise<Linked>;
  writeEffect(input: WriteEffectInput): Promise<EffectWritten>;
  planEffect(input: EffectInput): Promise<EffectDecision>;
  planEffectWithTicket(input: EffectInput): Promise<EffectPlan | null>;
  readOwnEffect(input: OwnEffectInput): Promise<OwnEffectRead>;
  updateTicket(input: UpdateTicketInput): Promise<TicketWritten>;
  addNote(input: AddNoteInput): Promise<WrittenNote>;
  tellParent(input: TellParentInput): Promise<void>;
  findWorkOrders(input: FindOrdersInput): Promise<FoundOrders>;
  readWorkOrder(input: { workOrderId: number }): Promise<OrderRef>;
  createWorkOrder(input: CreateInput): Promise<CreateAnswer>;
  deleteDraft(input: { workOrderId: number; correlationId: string }): Promise<{ deleted: boolean }>;
  publishWorkOrder(input: PublishInput): Promise<PublishAnswer>;
  updateWorkOrder(input: UpdateOrderInput): Promise<UpdateAnswer>;
  cancelWorkOrder(input: CancelInput): Promise<OrderRef>;
}
