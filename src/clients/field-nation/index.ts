export { createFieldNationClient, FILE_HOSTS } from './client';
export type { CustomFieldDefinition } from './custom-fields';
export { customFieldValues } from './inputs';
export type {
  ContactInput,
  CustomFieldsInput,
  IdRef,
  ListWorkOrdersInput,
  LocationInput,
  MessageInput,
  MessageType,
  PayInput,
  ScheduleInput,
  TimeInput,
  UploadInput,
  WorkOrderList,
  WorkOrderPatch,
  WorkOrderPayload,
} from './inputs';
export type {
  AttachmentFolder,
  FieldNationTime,
  Message,
  Routing,
  TypeOfWork,
  WorkOrder,
  WorkOrderAttachment,
  WorkOrderStatus,
} from './schemas';
export { customFieldValue, parseFieldNationTime, toFieldNationTime } from './shapes';
export type {
  FieldNationClient,
  FieldNationClientOptions,
  FieldNationCredentials,
  MessagePage,
  WebhookPage,
  WorkOrderPage,
} from './types';
export type {
  DeliveryLog,
  DeliveryLogsInput,
  ListWebhooksInput,
  Webhook,
  WebhookInput,
  WebhookPatch,
  WebhookStatus,
} from './webhook-types';
