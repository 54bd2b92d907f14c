select "release".*, (select count(*) as "count" from "release_item" where "release_item"."release_id" = "release"."id") as "item_count" from "release" where "project_id" = $1 and not one_shot and "removed_at" is null order by "updated_at" desc, "id" desc limit $2;

select count(*) as "count" from "release" where "project_id" = $1 and not one_shot and "removed_at" is null;
